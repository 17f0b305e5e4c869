/**
 * The commands that spark-submit runs: job files in, results and one clear line of error out. The
 * only place that writes to the standard streams and knows picocli or HOCON.
 */
package org.sparksae.cli;
