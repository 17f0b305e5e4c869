/** Spark's scheduler: cancellable jobs, slots, memory, local disks, and the size of job results. */
package org.sparksae.spark.job;
