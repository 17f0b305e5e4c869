/** Adds the output columns to rows: schemas, tiles of rows, codes. Internal. */
package org.sparksae.spark.ml.transform;
