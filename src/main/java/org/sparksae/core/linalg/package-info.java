/** Blocks of float rows, products over netlib, element-wise kernels and the parameter vector. */
package org.sparksae.core.linalg;
