/**
 * What users of the library call: estimators, their models, the feature stages, the evaluator, the
 * training summary and its warnings, and files of other libraries.
 *
 * <p>Names of classes here are part of saved metadata and must not change. Two packages below are
 * public as well: {@code param} (the Params) and {@code listener} (progress). The others are
 * internal, although their classes are public: {@code file} (saved models), {@code fit} (training),
 * {@code transform} (encoding rows), {@code feature} (the feature stages), {@code evaluate}
 * (metrics) and {@code sql} (the table function). Only {@code sql} depends on this package.
 */
package org.sparksae.spark.ml;
