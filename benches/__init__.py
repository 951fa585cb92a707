"""Speed of xroute beside networkx, scipy, scgraph and searoute, on the same work in one run."""
