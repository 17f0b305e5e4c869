/** How rows get their new columns: schemas, tiles of rows, codes. Internal. */
package org.sparksae.spark.ml.transform;
