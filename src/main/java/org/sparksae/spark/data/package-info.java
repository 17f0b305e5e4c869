/**
 * Reads DataFrame columns as blocks of float rows: types, validity, weights, and the files that
 * they are kept in.
 */
package org.sparksae.spark.data;
