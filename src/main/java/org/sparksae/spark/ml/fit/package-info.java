/**
 * What a fit does on the driver: read the rows, train stage after stage, say what is wrong with the
 * result. Internal.
 */
package org.sparksae.spark.ml.fit;
