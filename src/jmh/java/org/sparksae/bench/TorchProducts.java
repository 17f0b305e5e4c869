package org.sparksae.bench;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/**
 * PyTorch's five products of a step and nothing else: how much of {@link TorchStep} they are tells
 * whether anything around them was written badly.
 */
final class TorchProducts implements Contender {
  private final NDManager manager = Engine.getEngine("PyTorch").newBaseManager();
  private final NDArray x;
  private final NDArray encoder;
  private final NDArray decoder;

  TorchProducts(Case c) {
    this.x = manager.randomUniform(0, 1, new Shape(c.batchRows(), c.inputs()));
    this.encoder = manager.randomUniform(-1, 1, new Shape(c.hidden(), c.inputs()));
    this.decoder = manager.randomUniform(-1, 1, new Shape(c.inputs(), c.hidden()));
  }

  @Override
  public String name() {
    return "PyTorch's five products alone";
  }

  @Override
  public void step() {
    try (NDManager step = manager.newSubManager()) {
      NDArray input = x.stopGradient();
      input.attach(step);
      NDArray h = input.matMul(encoder.transpose());
      NDArray r = h.matMul(decoder.transpose());
      NDArray decoderGradient = r.transpose().matMul(h);
      NDArray dh = r.matMul(decoder);
      NDArray encoderGradient = dh.transpose().matMul(input);
      step.attachAll(decoderGradient, encoderGradient);
    }
  }

  @Override
  public void close() {
    manager.close();
  }
}
