using Debyard.Debian.Control;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;

namespace Debyard.Debian.Tests;

/// <summary>Generates inputs that are the same in every run.</summary>
static class Generated
{
    static readonly Rnd seed = new(20251101, 3);

    public static Gen<string> Text(string characters, int least, int most) =>
        from length in Gen.Choose(least, most)
        from text in Gen.ArrayOf(Gen.Elements(characters.ToCharArray()), length)
        select new string(text);

    /// <summary>Versions so similar that their order depends on details.</summary>
    public static Gen<string> Version { get; } =
        from epoch in Gen.Frequency((6, Gen.Constant("")), (1, Gen.Elements("0:", "1:", "10:", "007:")))
        from start in Gen.Elements("0", "1", "2", "10", "00", "9", "1.", "1.0", "2023")
        from rest in Text("0019.~+aZ", 0, 5)
        from middle in Gen.Frequency((6, Gen.Constant("")), (1, Gen.Elements("-", "-a", ":")))
        from revision in Gen.Frequency((1, Gen.Constant("")), (1, Text("01~+.b", 1, 4).Select(text => "-" + text)))
        let hasColon = middle.Contains(':', StringComparison.Ordinal)
        select $"{(hasColon && epoch == "" ? "1:" : epoch)}{start}{rest}{middle}{revision}".TrimEnd('-', ':');

    public static Gen<Field> Field(string name) =>
        from first in Text("ab: \t#.é", 0, 8)
        from more in Gen.ListOf(Text("ab: \t.-", 0, 6))
        let lines = more.Select(line => " " + line.TrimEnd(' ', '\t')).Where(line => line.Length > 1)
        select new Field(name, string.Join('\n', [first.Trim(' ', '\t'), .. lines]));

    public static Gen<Stanza> Stanza { get; } =
        from count in Gen.Choose(1, 6)
        from names in Gen.ArrayOf(Text("abC-1_", 1, 8), count)
        let distinct = names.Select(name => "X" + name).Distinct(StringComparer.OrdinalIgnoreCase).ToArray()
        from fields in Gen.CollectToArray(distinct, Field)
        select new Stanza(fields);

    public static IReadOnlyList<T> Sample<T>(Gen<T> generator, int count) => [.. generator.Sample(50, seed, count)];

    public static void Holds<T>(Gen<T> generator, Action<T> assertion) =>
        Prop.ForAll(generator.ToArbitrary(), assertion)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(new Replay(seed, FSharpOption<int>.None)));
}
