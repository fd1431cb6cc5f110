// They share one engine, and what they measure is what it holds.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
