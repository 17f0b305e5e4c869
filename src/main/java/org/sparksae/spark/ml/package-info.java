/** The MLlib face: Estimator, Transformer, their Params, summary, evaluator and files. */
package org.sparksae.spark.ml;
