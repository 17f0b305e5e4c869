/**
 * Chooses the library that computes matrix products, once per JVM, and records the reason.
 *
 * <p>{@link org.sparksae.core.linalg.blas.BlasBackend} is the entry point. {@code BackendChoice}
 * has the order of preference. {@code BundledOpenBlas} and {@code SystemBlas} load native
 * libraries; {@code JavaBackend} needs none.
 */
package org.sparksae.core.linalg.blas;
