# A link to a header leads to its page.
s|\[\([a-z_]*\.hpp\)\](\.\./[a-z/]*include/\([a-z_/]*\.hpp\))|\\ref \2 "\1"|g

# A link to a document that is no page of the reference leads to its file, from build/docs/html/.
s|\[\([^]]*\)\](\([a-z-]*\.md[^)]*\))|<a href="../../../docs/\2">\1</a>|g
