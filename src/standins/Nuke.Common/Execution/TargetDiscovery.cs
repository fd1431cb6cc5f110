using System.Linq.Expressions;
using System.Reflection;

namespace Nuke.Common.Execution;

/// <summary>The targets of a build: its properties of type <see cref="Target"/>, those of its interfaces included.</summary>
static class TargetDiscovery
{
    public const BindingFlags Instance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    public static IReadOnlyList<PropertyInfo> Properties(Type buildType)
    {
        PropertyInfo[] own = [.. TargetsOf(buildType).Where(x => !x.Name.Contains('.'))];
        var ofInterfaces = buildType
            .GetInterfaces()
            .SelectMany(TargetsOf)
            .Where(x => buildType.GetMember(x.Name).Length == 0)
            .GroupBy(x => x.Name)
            .Select(x => MostDerived([.. x], own));
        return [.. own, .. ofInterfaces.Select(x => buildType.GetProperty(ExplicitName(x), Instance) ?? x)];
    }

    public static IReadOnlyList<ExecutableTarget> Create<T>(T build, IEnumerable<Expression<Func<T, Target>>> defaultTargets)
        where T : NukeBuild
    {
        Delegate[] defaults = [.. defaultTargets.Select(x => ValueOf(x, build))];
        ExecutableTarget[] targets = [.. Properties(build.GetType()).Select(x => Create(x, build, defaults))];
        var byFactory = targets.ToDictionary(x => x.Factory);
        foreach (var target in targets)
            Connect(target, targets, byFactory);
        return targets;
    }

    static ExecutableTarget Create(PropertyInfo property, NukeBuild build, Delegate[] defaults)
    {
        var definition = new TargetDefinition(property, build);
        var factory = (Target)property.GetValue(build);
        factory(definition);
        return new ExecutableTarget
        {
            Name = definition.Name,
            Member = property,
            Definition = definition,
            Factory = factory,
            IsDefault = defaults.Contains(factory),
            Description = definition.Description,
            Listed = !definition.IsUnlisted,
            DynamicConditions = definition.DynamicConditions,
            StaticConditions = definition.StaticConditions,
            DependencyBehavior = definition.DependencyBehavior,
            AssuredAfterFailure = definition.IsAssuredAfterFailure,
            ProceedAfterFailure = definition.IsProceedAfterFailure,
            DelegateRequirements = definition.Requirements,
            Actions = definition.Actions,
            ArtifactProducts = definition.Artifacts,
            PartitionSize = definition.PartitionSize,
        };
    }

    static void Connect(ExecutableTarget target, ExecutableTarget[] all, Dictionary<Delegate, ExecutableTarget> byFactory)
    {
        target.ExecutionDependencies.AddRange(Neighbours(x => x.DependsOnTargets, x => x.DependentForTargets));
        target.OrderDependencies.AddRange(Neighbours(x => x.AfterTargets, x => x.BeforeTargets));
        target.TriggerDependencies.AddRange(Neighbours(x => x.TriggeredByTargets, x => x.TriggersTargets));
        target.Triggers.AddRange(Neighbours(x => x.TriggersTargets, x => x.TriggeredByTargets));
        Assert.True(
            !target.AllDependencies.Concat(target.Triggers).Contains(target),
            $"Target '{target.Name}' cannot have a dependency on itself"
        );

        // What the target names itself, then whoever names it from the other end.
        IEnumerable<ExecutableTarget> Neighbours(Func<TargetDefinition, List<Delegate>> near, Func<TargetDefinition, List<Delegate>> far) =>
            [
                .. near(target.Definition).Select(x => byFactory[x]),
                .. all.Where(x => x != target && far(x.Definition).Contains(target.Factory)),
            ];
    }

    // Execute<Build>(x => x.Pipeline) and x => ((IPack)x).Pack: not compiled, because that takes longer than the rest of a start.
    static Delegate ValueOf<T>(Expression<Func<T, Target>> expression, T build) =>
        expression.Body
            is MemberExpression
            {
                Member: PropertyInfo property,
                Expression: ParameterExpression or UnaryExpression { Operand: ParameterExpression }
            }
            ? (Delegate)property.GetValue(build)
            : expression.Compile()(build);

    static PropertyInfo MostDerived(PropertyInfo[] sameName, PropertyInfo[] own)
    {
        var name = sameName[0].Name;
        var mostDerived = sameName.FirstOrDefault(x => sameName.All(y => y.DeclaringType!.IsAssignableFrom(x.DeclaringType)));
        Assert.True(!own.Any(x => x.Name == name), Message("marked public to override inherited member from"));
        Assert.True(mostDerived != null, Message("implemented explicitly because it is inherited from multiple interfaces"));
        return mostDerived;

        string Message(string remedy) =>
            string.Join(
                Environment.NewLine,
                [$"Property '{name}' must be {remedy}:", .. sameName.Select(x => $" - {x.DeclaringType!.Name}")]
            );
    }

    static string ExplicitName(PropertyInfo property) => $"{property.DeclaringType!.FullName!.Replace('+', '.')}.{property.Name}";

    static IEnumerable<PropertyInfo> TargetsOf(Type type) => type.GetProperties(Instance).Where(x => x.PropertyType == typeof(Target));
}
