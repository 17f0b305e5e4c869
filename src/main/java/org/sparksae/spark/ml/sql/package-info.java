/** The SQL function that encodes a table. */
package org.sparksae.spark.ml.sql;
