/** The state of a training as a file, and whether a training may resume from it. */
package org.sparksae.core.train.checkpoint;
