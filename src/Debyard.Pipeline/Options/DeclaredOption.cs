using System.ComponentModel.DataAnnotations;

namespace Debyard.Pipeline.Options;

/// <summary>An option that the command line may have.</summary>
/// <param name="Name">With its dashes: <c>--repository-url</c>.</param>
/// <param name="Type">The type of its value: an array for several values, <see cref="bool"/> for a switch.</param>
/// <param name="Range">The numbers that are valid; null: all.</param>
public sealed record DeclaredOption(string Name, Type Type, RangeAttribute? Range = null)
{
    public bool IsSwitch => ValueType == typeof(bool);

    public bool IsList => Type.IsArray;

    /// <summary>The type of a single value.</summary>
    public Type ValueType => Nullable.GetUnderlyingType(Type) ?? (IsList ? Type.GetElementType()! : Type);

    /// <summary>Ignores case and dashes, as NUKE does: <c>--Repository-URL</c> and <c>-repositoryurl</c> are the same option.</summary>
    public bool IsNamed(string word) => Letters(word).Equals(Letters(Name), StringComparison.OrdinalIgnoreCase);

    static string Letters(string word) => word.Replace("-", "", StringComparison.Ordinal);
}
