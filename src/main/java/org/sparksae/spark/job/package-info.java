/** Spark's scheduler: cancellable jobs, slots, memory, and the size of job results. */
package org.sparksae.spark.job;
