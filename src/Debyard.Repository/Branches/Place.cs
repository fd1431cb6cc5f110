namespace Debyard.Repository;

/// <summary>Where in a branch a package is listed.</summary>
public readonly record struct Place(Suite Suite, Component Component)
{
    public static readonly Place Default = new(Suite.Default, Component.Default);

    internal static IComparer<Place> Order { get; } =
        Comparer<Place>.Create((one, other) => string.CompareOrdinal(one.ToString(), other.ToString()));

    public override string ToString() => $"{Suite}/{Component}";
}
