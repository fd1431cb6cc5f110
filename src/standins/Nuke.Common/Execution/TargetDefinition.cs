using System.Linq.Expressions;
using System.Reflection;

namespace Nuke.Common.Execution;

/// <summary>Collects the definition of a target.</summary>
sealed class TargetDefinition(PropertyInfo property, INukeBuild build) : ITargetDefinition
{
    // An explicit implementation's property is called Namespace.IComponent.Name.
    public string Name { get; } = property.Name[(property.Name.LastIndexOf('.') + 1)..];
    public string Description { get; private set; }
    public bool IsUnlisted { get; private set; }
    public bool IsAssuredAfterFailure { get; private set; }
    public bool IsProceedAfterFailure { get; private set; }
    public DependencyBehavior DependencyBehavior { get; private set; }
    public List<Action> Actions { get; } = [];
    public List<(string, Func<bool>)> DynamicConditions { get; } = [];
    public List<(string, Func<bool>)> StaticConditions { get; } = [];
    public List<LambdaExpression> Requirements { get; } = [];
    public List<Delegate> DependsOnTargets { get; } = [];
    public List<Delegate> DependentForTargets { get; } = [];
    public List<Delegate> BeforeTargets { get; } = [];
    public List<Delegate> AfterTargets { get; } = [];
    public List<Delegate> TriggersTargets { get; } = [];
    public List<Delegate> TriggeredByTargets { get; } = [];
    public List<string> Artifacts { get; } = [];
    public int? PartitionSize { get; private set; }

    ITargetDefinition ITargetDefinition.Description(string description)
    {
        Description = description;
        return this;
    }

    public ITargetDefinition Executes(params Action[] actions) => Add(Actions, actions);

    public ITargetDefinition Executes<T>(Func<T> action) => Executes(new Action(() => action()));

    public ITargetDefinition Executes(Func<Task> action) => Executes(() => action().GetAwaiter().GetResult());

    public ITargetDefinition DependsOn(params Target[] targets) => Add(DependsOnTargets, targets);

    public ITargetDefinition DependsOn<T>(params Func<T, Target>[] targets) => Add(DependsOnTargets, Of(targets));

    public ITargetDefinition TryDependsOn<T>(params Func<T, Target>[] targets) => build is T ? DependsOn(targets) : this;

    public ITargetDefinition DependentFor(params Target[] targets) => Add(DependentForTargets, targets);

    public ITargetDefinition DependentFor<T>(params Func<T, Target>[] targets) => Add(DependentForTargets, Of(targets));

    public ITargetDefinition TryDependentFor<T>(params Func<T, Target>[] targets) => build is T ? DependentFor(targets) : this;

    public ITargetDefinition Before(params Target[] targets) => Add(BeforeTargets, targets);

    public ITargetDefinition Before<T>(params Func<T, Target>[] targets) => Add(BeforeTargets, Of(targets));

    public ITargetDefinition TryBefore<T>(params Func<T, Target>[] targets) => build is T ? Before(targets) : this;

    public ITargetDefinition After(params Target[] targets) => Add(AfterTargets, targets);

    public ITargetDefinition After<T>(params Func<T, Target>[] targets) => Add(AfterTargets, Of(targets));

    public ITargetDefinition TryAfter<T>(params Func<T, Target>[] targets) => build is T ? After(targets) : this;

    public ITargetDefinition Triggers(params Target[] targets) => Add(TriggersTargets, targets);

    public ITargetDefinition Triggers<T>(params Func<T, Target>[] targets) => Add(TriggersTargets, Of(targets));

    public ITargetDefinition TryTriggers<T>(params Func<T, Target>[] targets) => build is T ? Triggers(targets) : this;

    public ITargetDefinition TriggeredBy(params Target[] targets) => Add(TriggeredByTargets, targets);

    public ITargetDefinition TriggeredBy<T>(params Func<T, Target>[] targets) => Add(TriggeredByTargets, Of(targets));

    public ITargetDefinition TryTriggeredBy<T>(params Func<T, Target>[] targets) => build is T ? TriggeredBy(targets) : this;

    public ITargetDefinition OnlyWhenDynamic(Func<bool> condition, string conditionExpression = null) =>
        Add(DynamicConditions, [(OneLine(conditionExpression), condition)]);

    public ITargetDefinition OnlyWhenStatic(Func<bool> condition, string conditionExpression = null) =>
        Add(StaticConditions, [(OneLine(conditionExpression), condition)]);

    public ITargetDefinition Requires<T>(Expression<Func<T>> parameterRequirement, params Expression<Func<T>>[] parameterRequirements)
        where T : class => Add(Requirements, [parameterRequirement, .. parameterRequirements]);

    public ITargetDefinition Requires<T>(Expression<Func<T?>> parameterRequirement, params Expression<Func<T?>>[] parameterRequirements)
        where T : struct => Add(Requirements, [parameterRequirement, .. parameterRequirements]);

    public ITargetDefinition Requires(Expression<Func<bool>> requirement, params Expression<Func<bool>>[] requirements) =>
        Add(Requirements, [requirement, .. requirements]);

    public ITargetDefinition WhenSkipped(DependencyBehavior dependencyBehavior)
    {
        DependencyBehavior = dependencyBehavior;
        return this;
    }

    public ITargetDefinition AssuredAfterFailure()
    {
        IsAssuredAfterFailure = true;
        return this;
    }

    public ITargetDefinition ProceedAfterFailure()
    {
        IsProceedAfterFailure = true;
        return this;
    }

    public ITargetDefinition Unlisted()
    {
        IsUnlisted = true;
        return this;
    }

    public ITargetDefinition Inherit(params Target[] targets)
    {
        foreach (var target in targets)
            target(this);
        return this;
    }

    public ITargetDefinition Produces(params string[] artifacts) => Add(Artifacts, artifacts);

    public ITargetDefinition Partition(int size)
    {
        PartitionSize = size;
        return this;
    }

    // Only TeamCity's generated files use what a target consumes.
    public ITargetDefinition Consumes(params Target[] targets) => this;

    public ITargetDefinition Consumes<T>(params Func<T, Target>[] targets) => this;

    public ITargetDefinition Consumes(Target target, params string[] artifacts) => this;

    public ITargetDefinition Consumes<T>(Func<T, Target> target, params string[] artifacts) => this;

    TargetDefinition Add<TItem, TGiven>(List<TItem> list, IEnumerable<TGiven> items)
        where TGiven : TItem
    {
        list.AddRange(items.Select(x => (TItem)x));
        return this;
    }

    // DependsOn<IPack>() without a selector means the component's only target.
    IEnumerable<Target> Of<T>(Func<T, Target>[] selectors)
    {
        if (selectors.Length > 0)
            return selectors.Select(x => x((T)build));
        PropertyInfo[] candidates = [.. typeof(T).GetProperties(TargetDiscovery.Instance).Where(x => x.PropertyType == typeof(Target))];
        if (candidates.Length != 1)
        {
            Assert.Fail(
                string.Join(
                    Environment.NewLine,
                    [
                        $"Target '{property.DeclaringType}.{property.Name}' "
                            + $"cannot have shorthand dependency on component '{typeof(T).Name}'.",
                        candidates.Length > 1 ? "Too many relevant targets:" : "No relevant targets.",
                        .. candidates.Select(x => $"  - {x.Name}"),
                    ]
                )
            );
        }
        return [(Target)candidates[0].GetValue(build)];
    }

    static string OneLine(string expression) => string.Join(' ', expression.Split((char[])null, StringSplitOptions.RemoveEmptyEntries));
}
