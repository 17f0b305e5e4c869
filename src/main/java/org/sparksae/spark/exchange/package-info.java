/**
 * Exchange of sums and parameters between the driver and the workers, and checkpoints of trainings.
 */
package org.sparksae.spark.exchange;
