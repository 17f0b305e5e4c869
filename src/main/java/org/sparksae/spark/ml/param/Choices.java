package org.sparksae.spark.ml.param;

/** Values of Params that are names, where no enum has them. */
public final class Choices {
  public static final String LBFGS = "l-bfgs";
  public static final String ADAM = "adam";

  public static final String JOINT = "joint";
  public static final String GREEDY = "greedy";
  public static final String GREEDY_THEN_JOINT = "greedyThenJoint";

  public static final String ERROR = "error";
  public static final String SKIP = "skip";

  public static final String NO_POOLING = "none";

  private Choices() {}
}
