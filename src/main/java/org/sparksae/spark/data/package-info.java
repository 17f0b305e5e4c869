/** Reads DataFrame columns as blocks of float rows: types, validity, weights, persistence. */
package org.sparksae.spark.data;
