/**
 * Spark's scheduler: jobs that end when they are told to, slots, and what jobs bring to the driver.
 */
package org.sparksae.spark.job;
