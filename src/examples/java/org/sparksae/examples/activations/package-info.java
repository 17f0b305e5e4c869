/** Hidden states of a transformer, which models can be trained on. */
package org.sparksae.examples.activations;
