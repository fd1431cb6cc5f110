namespace Debyard.Debian.Names;

/// <summary>A suite and a component, which together determine the index that lists a package.</summary>
public readonly record struct SuiteComponent(Suite Suite, Component Component)
{
    public static readonly SuiteComponent Default = new(Suite.Default, Component.Default);

    /// <summary>Ordinal order of <c>suite/component</c>.</summary>
    public static IComparer<SuiteComponent> Order { get; } =
        Comparer<SuiteComponent>.Create((left, right) => string.CompareOrdinal(left.ToString(), right.ToString()));

    public override string ToString() => $"{Suite}/{Component}";
}
