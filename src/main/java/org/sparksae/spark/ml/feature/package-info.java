/**
 * What the feature stages are made of: one column of rows in, one column of Vectors out. Internal.
 */
package org.sparksae.spark.ml.feature;
