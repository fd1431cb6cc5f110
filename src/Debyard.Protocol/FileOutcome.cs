namespace Debyard.Protocol;

/// <summary>What became of an offered or uploaded file.</summary>
public enum FileOutcome
{
    /// <summary>The branch already had these bytes under this name.</summary>
    Present,

    /// <summary>Another branch had these bytes; they are linked into this branch now.</summary>
    Linked,

    /// <summary>The uploaded bytes are in the branch now.</summary>
    Created,

    /// <summary>No branch has these bytes: upload them.</summary>
    Missing,

    /// <summary>The branch has its own package of this name with other bytes: raise the version.</summary>
    Conflict,
}
