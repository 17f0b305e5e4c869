/** How stages and models are saved and loaded. Internal. */
package org.sparksae.spark.ml.file;
