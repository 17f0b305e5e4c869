/**
 * The byte format of model files: lays out and writes tensors and their metadata, and checks them
 * on reading. It works on streams and does not know where a file is stored. Depends on {@code
 * java.*}, Jackson and {@code core.model}.
 */
package org.sparksae.core.format;
