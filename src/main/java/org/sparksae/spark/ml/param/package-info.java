/**
 * The Params of all stages, in groups, and the models that they describe. Internal; users meet the
 * getters and setters on the stages.
 *
 * <p>A Param is declared in one place, its group:
 *
 * <pre>{@code
 * default DoubleParam stepSize() {                                   // 1. name, meaning, rule, default
 *   return paramSet().number("stepSize", "learning rate of adam", Rule.positive(), 1e-3);
 * }
 *
 * default double getStepSize() {                                     // 2. getter
 *   return (Double) getOrDefault(stepSize());
 * }
 *
 * interface TrainingSetters<S> extends OptimiserParams {             // 3. setter, which returns the stage
 *   default S setStepSize(double value) {
 *     return ParamSet.set(this, stepSize(), value);
 *   }
 * }
 * }</pre>
 *
 * <p>A new Param needs these three methods and nothing else: estimators, models, job files, saved
 * metadata and the page {@code params.md} find it by its accessor. A setter that makes sense on a
 * model, too, stands in {@code Setters}. A Param without a default leaves the last argument out and
 * says "not set: …" in its meaning. {@code ParamsPageTest} tells how to renew the page; {@code
 * Fixtures.everyParamSet} wants a value that is not the default.
 *
 * <p>A new group is one file, and one line in each of the three lists of {@link
 * org.sparksae.spark.ml.param.AutoencoderParams} (or of the stage that it is for). If MLlib has a
 * shared trait for a Param, the group mixes it in through {@link
 * org.sparksae.spark.ml.param.SharedParams}.
 *
 * <p>Rules between Params are checked where the model is built: {@link
 * org.sparksae.spark.ml.param.SpecBuilder}.
 */
package org.sparksae.spark.ml.param;
