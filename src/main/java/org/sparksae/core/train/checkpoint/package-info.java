/**
 * Checkpoint files, and the identity of a training, which decides whether it may resume from one.
 */
package org.sparksae.core.train.checkpoint;
