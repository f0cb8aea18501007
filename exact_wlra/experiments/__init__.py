"""What the experiments on trained networks and on mixtures are made of.

The instances that Woodruff and Yasuda compared their algorithms on: the first layer of
a trained network with the importance of its entries as weights, and Gaussian mixtures
weighted by inverse variance. `make experiments` runs the experiments themselves, which
stand in the folder `benchmarks/paper` of the repository.

Contents
--------
perceptron      a network with one hidden layer, trained with Adam
importance      the diagonal of the empirical Fisher matrix of its first layer
layers          layer and importance as a weighted matrix; blocks and averages of it
mixtures        Gaussian mixtures weighted by inverse variance
spectra         share of squared singular values
"""
