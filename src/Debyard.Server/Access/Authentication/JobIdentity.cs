using Debyard.Repository.Identity;

namespace Debyard.Server.Access.Authentication;

/// <summary>What a verified id_token says of the job that shows it.</summary>
/// <param name="Ref">The branch or tag it runs for.</param>
/// <param name="IsProtected">The ref is protected in its project.</param>
sealed record JobIdentity(string Id, Project Project, string Ref, bool IsOfBranch, bool IsProtected);
