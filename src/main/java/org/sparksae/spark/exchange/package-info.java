/** How sums and parameters travel between the driver and the partitions. */
package org.sparksae.spark.exchange;
