/** What the evaluator measures. Internal. */
package org.sparksae.spark.ml.evaluate;
