/** Writes a model as an ONNX graph, which many runtimes compute without Spark or a JVM. */
package org.sparksae.core.format.onnx;
