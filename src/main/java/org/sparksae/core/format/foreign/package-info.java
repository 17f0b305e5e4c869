/**
 * Model files of other libraries: SAELens, sparsify and Gemma Scope. {@link
 * org.sparksae.core.format.foreign.ForeignFormat} reads and writes them by way of {@link
 * org.sparksae.core.format.foreign.Latents}, which is what all of them can say. Nothing here opens
 * pickled objects.
 */
package org.sparksae.core.format.foreign;
