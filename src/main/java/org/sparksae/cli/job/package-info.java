/**
 * Job files: reading HOCON, checking every key before any work, and turning sections into Params,
 * sources of rows and stages. Nothing here measures, draws or writes results; that is {@code
 * cli.report}. With {@code cli}, the only package that knows HOCON.
 */
package org.sparksae.cli.job;
