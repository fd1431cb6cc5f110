namespace Debyard.Debian.Names;

/// <summary>Where in a branch a package is listed.</summary>
public readonly record struct SuiteComponent(Suite Suite, Component Component)
{
    public static readonly SuiteComponent Default = new(Suite.Default, Component.Default);

    /// <summary>Ordinal order of <c>suite/component</c>.</summary>
    public static IComparer<SuiteComponent> Order { get; } =
        Comparer<SuiteComponent>.Create((one, other) => string.CompareOrdinal(one.ToString(), other.ToString()));

    public override string ToString() => $"{Suite}/{Component}";
}
