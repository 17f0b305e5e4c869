# %% [markdown]
# # Features of clothes
# From a table of images to sparse codes, in a notebook or as a program:
# `python src/main/python/examples/clothes.py` at the root of the repository.

# %%
from pyspark.sql import SparkSession

import sparksae

spark = sparksae.configure(SparkSession.builder).getOrCreate()
images = spark.read.parquet("jobs/fashion-mnist/data/test.parquet").limit(2000)

# %% [markdown]
# 25 of 128 units describe an image.

# %%
autoencoder = sparksae.SparseAutoencoder(
    inputCol="image", outputCol="code", hiddenLayers=[128], k=25, solver="adam", maxIter=10
)
model = autoencoder.fit(images)
codes = model.transform(images)
codes.select(images["label"], "code").show(5)

# %% [markdown]
# How good is it? The report also says what is wrong with a model, if anything is.

# %%
report = model.report()
print("unexplained variance:", round(report["statistics"]["fvu"], 3))
for warning in report["warnings"]:
    print(warning["message"])

# %% [markdown]
# What the first unit adds to an image: 784 values of the decoder.

# %%
print("the first unit:", model.weights()["decoder.0.weight"][0, :4])

# %% [markdown]
# Codes are Vectors, so MLlib learns from them.

# %%
from pyspark.ml.classification import LogisticRegression  # noqa: E402

classifier = LogisticRegression(featuresCol="code", maxIter=10).fit(codes)
right = classifier.transform(codes).where("label = prediction").count() / codes.count()
print("right answers on the training rows:", right)

# %%
spark.stop()
