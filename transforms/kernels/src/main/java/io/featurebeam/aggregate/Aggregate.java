package io.featurebeam.aggregate;

public interface Aggregate extends java.io.Serializable {}
