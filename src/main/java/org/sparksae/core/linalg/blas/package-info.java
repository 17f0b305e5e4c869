/**
 * What computes the matrix products: chosen once per JVM, with its reason.
 *
 * <p>{@link org.sparksae.core.linalg.blas.BlasBackend} is the only way in. {@code BackendChoice}
 * knows the order of preference; {@code BundledOpenBlas} and {@code SystemBlas} load native
 * libraries, {@code JavaBackend} needs none. {@code NativeBundle} is a set of files inside our jar,
 * {@code NativeDirectories} says where they may be put, {@code Extraction} puts them there.
 */
package org.sparksae.core.linalg.blas;
