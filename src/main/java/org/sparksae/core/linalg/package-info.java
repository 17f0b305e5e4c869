/**
 * Linear algebra: blocks of dense and sparse rows, matrix products, element-wise kernels,
 * convolutions, top-k selection, and the team of threads that shares a worker's loops.
 */
package org.sparksae.core.linalg;
