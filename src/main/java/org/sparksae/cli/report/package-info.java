/**
 * Results of a job: measurements of a model as text and JSON, pictures, and the staging that lets
 * results appear only when they are complete. Reads {@code cli.job} and knows no command.
 */
package org.sparksae.cli.report;
