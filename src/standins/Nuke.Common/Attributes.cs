using System.Reflection;
using Nuke.Common.Parameters;
using Nuke.Common.ValueInjection;

namespace Nuke.Common
{
    /// <summary>
    /// A member with a value from the command line, the environment or <c>.nuke/parameters.json</c>. A value that cannot be
    /// converted causes a warning, and the member keeps its default.
    /// </summary>
    public class ParameterAttribute(string description = null) : ValueInjectionAttributeBase
    {
        public virtual string Description { get; } = description;
        public string Name { get; set; }

        /// <summary>Splits one word into an array's elements.</summary>
        public string Separator { get; set; }

        /// <summary>Whether the help text has it.</summary>
        public virtual bool List { get; set; } = true;

        public override object GetValue(MemberInfo member, object instance) => new ParameterMember(member, this).Lookup();
    }

    [AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
    public class RequiredAttribute : Attribute;

    /// <summary>No warning when its value cannot be injected.</summary>
    [AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
    public class OptionalAttribute : Attribute;

    /// <summary>The value is encrypted in parameters files. It is not masked in the log.</summary>
    [AttributeUsage(AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter)]
    public class SecretAttribute : Attribute;

    /// <summary>The prefix of the names of an interface's parameters.</summary>
    [AttributeUsage(AttributeTargets.Interface, AllowMultiple = false, Inherited = false)]
    public class ParameterPrefixAttribute(string prefix) : Attribute
    {
        public string Prefix { get; } = prefix.EndsWith("Prefix", StringComparison.Ordinal) ? prefix[..^"Prefix".Length] : prefix;
    }
}

namespace Nuke.Common.ValueInjection
{
    /// <summary>Sets the value of the annotated member before the first target runs.</summary>
    [AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
    public abstract class ValueInjectionAttributeBase : Attribute
    {
        public INukeBuild Build { get; internal set; }
        public virtual int Priority => 0;
        public virtual bool SuppressWarnings => false;

        public abstract object GetValue(MemberInfo member, object instance);

        public object TryGetValue(MemberInfo member, object instance)
        {
            try
            {
                return GetValue(member, instance);
            }
            catch (Exception exception)
            {
                if (!SuppressWarnings && !member.IsDefined(typeof(OptionalAttribute)))
                    Serilog.Log.Warning(
                        exception.Unwrap(),
                        "Could not inject value for {Member}",
                        $"{TypeName.Of(member.DeclaringType)}.{member.Name}"
                    );
                return null;
            }
        }
    }
}
