/**
 * Model files as bytes: how tensors and their metadata are laid out, written and checked on
 * reading. Streams in, streams out; where a file lies and what its tensors mean belongs elsewhere.
 * Depends on {@code java.*} and Jackson.
 */
package org.sparksae.core.format;
