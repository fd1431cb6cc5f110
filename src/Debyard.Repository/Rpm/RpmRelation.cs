namespace Debyard.Repository.Rpm;

/// <summary>An entry of a relation: a name and, unless any version will do, a comparison with a version.</summary>
/// <param name="Comparison"><c>EQ</c>, <c>LT</c>, <c>LE</c>, <c>GT</c>, <c>GE</c>; null if there is no version.</param>
sealed record RpmRelation(string Name, string? Comparison, string Epoch, string Version, string? Release, bool IsBeforeInstallation)
{
    // RPMSENSE_* (rpm's lib/rpmds.h)
    const int Less = 2,
        Greater = 4,
        Equal = 8,
        BeforeInstallation = 0x40 | 0x200 | 0x400; // PREREQ, SCRIPT_PRE, SCRIPT_POST

    /// <summary>The kinds of relations in the order of primary.xml.</summary>
    public static IReadOnlyList<RpmRelationKind> Kinds { get; } =
    [
        new("provides", RpmTag.ProvideName, RpmTag.ProvideFlags, RpmTag.ProvideVersion),
        new("requires", RpmTag.RequireName, RpmTag.RequireFlags, RpmTag.RequireVersion),
        new("conflicts", RpmTag.ConflictName, RpmTag.ConflictFlags, RpmTag.ConflictVersion),
        new("obsoletes", RpmTag.ObsoleteName, RpmTag.ObsoleteFlags, RpmTag.ObsoleteVersion),
        new("suggests", RpmTag.SuggestName, RpmTag.SuggestFlags, RpmTag.SuggestVersion),
        new("enhances", RpmTag.EnhanceName, RpmTag.EnhanceFlags, RpmTag.EnhanceVersion),
        new("recommends", RpmTag.RecommendName, RpmTag.RecommendFlags, RpmTag.RecommendVersion),
        new("supplements", RpmTag.SupplementName, RpmTag.SupplementFlags, RpmTag.SupplementVersion),
    ];

    public static RpmRelation Of(string name, long flags, string evr)
    {
        var comparison = (flags & (Less | Greater | Equal)) switch
        {
            Less => "LT",
            Greater => "GT",
            Equal => "EQ",
            Less | Equal => "LE",
            Greater | Equal => "GE",
            _ => null,
        };
        var isBefore = (flags & BeforeInstallation) != 0;
        if (comparison is null || evr.Length == 0)
            return new RpmRelation(name, null, "", "", null, isBefore);
        var colon = evr.IndexOf(':', StringComparison.Ordinal);
        var dash = evr.LastIndexOf('-');
        return new RpmRelation(
            name,
            comparison,
            colon > 0 ? evr[..colon] : "0",
            dash > colon ? evr[(colon + 1)..dash] : evr[(colon + 1)..],
            dash > colon ? evr[(dash + 1)..] : null,
            isBefore
        );
    }
}

/// <summary>A kind of relation: its element in primary.xml, and the tags of its parallel lists.</summary>
sealed record RpmRelationKind(string Element, int Names, int Flags, int Versions)
{
    /// <summary>The relations without duplicates, and without <c>rpmlib(…)</c>, which only rpm itself provides.</summary>
    public IReadOnlyList<RpmRelation> Read(RpmHeader header)
    {
        var (names, flags, versions) = (header.Texts(Names), header.Numbers(Flags), header.Texts(Versions));
        if (flags.Count < names.Count || versions.Count < names.Count)
            throw RpmHeader.Damaged($"its header lists {Element} without flags or versions");
        return
        [
            .. names
                .Select((name, i) => RpmRelation.Of(name, flags[i], versions[i]))
                .Where(relation => !relation.Name.StartsWith("rpmlib(", StringComparison.Ordinal))
                .Distinct(),
        ];
    }
}
