/**
 * Chooses the library that computes matrix products, once per JVM, and records the reason.
 *
 * <p>{@link org.sparksae.core.linalg.blas.BlasBackend} is the entry point. {@code BackendChoice}
 * has the order of preference. {@code BundledOpenBlas} and {@code SystemBlas} load native
 * libraries; {@code JavaBackend} needs none. {@code NativeBundle} is a set of files in our jar,
 * {@code NativeDirectories} finds the directories to extract them to, and {@code Extraction}
 * extracts them.
 */
package org.sparksae.core.linalg.blas;
