namespace Nuke.Common.Execution;

/// <summary>Which targets run, and in which order.</summary>
static class ExecutionPlanner
{
    /// <param name="targets">The targets to choose from, as they are declared; dependencies that are not among them are ignored.</param>
    /// <param name="invokedNames">The targets asked for; null when none is, which means the default ones.</param>
    public static IReadOnlyList<ExecutableTarget> Plan(IReadOnlyList<ExecutableTarget> targets, IReadOnlyCollection<string> invokedNames)
    {
        ExecutableTarget[] invoked = invokedNames == null ? [] : [.. invokedNames.Select(x => Find(x, targets))];
        foreach (var target in invoked)
            target.Invoked = true;

        var order = LastFirst(targets);
        var wanted = (invokedNames == null ? targets.Where(x => x.IsDefault) : invoked).ToHashSet();
        List<ExecutableTarget> plan;
        do
        {
            plan = [];
            foreach (var target in order)
            {
                if (wanted.Contains(target) || plan.Any(x => x.ExecutionDependencies.Contains(target)))
                    plan.Add(target);
            }
            wanted = [.. plan, .. plan.SelectMany(x => x.Triggers)];
        } while (wanted.Count > plan.Count);

        plan.Reverse();
        foreach (var target in plan)
            target.Status = ExecutionStatus.Scheduled;
        return plan;
    }

    // From the end: again and again the first declared target that none of the remaining must follow. So of two targets that
    // are independent of each other the one declared later runs first, as with NUKE.
    static List<ExecutableTarget> LastFirst(IReadOnlyList<ExecutableTarget> targets)
    {
        var dependencies = targets.ToDictionary(
            x => x,
            x => (IReadOnlyCollection<ExecutableTarget>)[.. x.AllDependencies.Where(targets.Contains)]
        );
        RefuseCycles(targets, dependencies);
        var isStrict = EnvironmentInfo.GetNamedArgument<bool>("strict");

        var order = new List<ExecutableTarget>();
        var remaining = targets.ToList();
        while (remaining.Count > 0)
        {
            ExecutableTarget[] independent = [.. remaining.Where(x => !remaining.Any(y => dependencies[y].Contains(x)))];
            if (isStrict && independent.Length > 1)
                Assert.Fail(List("Incomplete target definition order:", independent.Select(x => x.Name)));
            order.Add(independent[0]);
            remaining.Remove(independent[0]);
        }
        return order;
    }

    static void RefuseCycles(
        IReadOnlyList<ExecutableTarget> targets,
        Dictionary<ExecutableTarget, IReadOnlyCollection<ExecutableTarget>> dependencies
    )
    {
        var reachable = targets.ToDictionary(x => x, Reachable);
        var cycles = targets
            .Where(x => reachable[x].Contains(x))
            .GroupBy(x => targets.First(y => reachable[x].Contains(y) && reachable[y].Contains(x)))
            .Select(x => string.Join(", ", x.Select(y => y.Name)))
            .ToList();
        if (cycles.Count > 0)
            Assert.Fail(string.Join(Environment.NewLine, ["Circular dependencies between targets:", .. cycles.Select(x => $" - {x}")]));

        HashSet<ExecutableTarget> Reachable(ExecutableTarget start)
        {
            var seen = new HashSet<ExecutableTarget>();
            var next = new Stack<ExecutableTarget>(dependencies[start]);
            while (next.TryPop(out var target))
            {
                if (seen.Add(target))
                {
                    foreach (var dependency in dependencies[target])
                        next.Push(dependency);
                }
            }
            return seen;
        }
    }

    static ExecutableTarget Find(string name, IReadOnlyList<ExecutableTarget> targets)
    {
        name = name.Replace("-", "", StringComparison.Ordinal);
        var target = targets.SingleOrDefault(x => x.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (target == null)
            Assert.Fail(List($"Target with name '{name}' does not exist. Available targets are:", targets.Select(x => x.Name).Order()));
        return target;
    }

    static string List(string heading, IEnumerable<string> names) =>
        string.Join(Environment.NewLine, [heading, .. names.Select(x => $"  - {x}")]);
}
