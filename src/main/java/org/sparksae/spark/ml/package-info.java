/**
 * What users of the library call: estimators, their models, the feature stages, the evaluator, the
 * training summary and its warnings, and files of other libraries.
 *
 * <p>Names of classes here are part of saved metadata and must not change. The packages below are
 * internal, although their classes are public: {@code param} (Params), {@code file} (saved models),
 * {@code fit} (training), {@code transform} (encoding rows), {@code feature} (the feature stages)
 * and {@code evaluate} (metrics). None of them depends on this package.
 */
package org.sparksae.spark.ml;
