/**
 * The commands that spark-submit runs: {@code train}, {@code encode} and {@code evaluate}. Each
 * reads a job file ({@code cli.job}), runs the library, and reports ({@code cli.report}); a failure
 * is one clear line. With {@code cli.job}, the only packages that know picocli.
 */
package org.sparksae.cli;
