/** The progress of fits on Spark's listener bus. */
package org.sparksae.spark.ml.listener;
