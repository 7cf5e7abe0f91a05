/** The fields of a form with files; the files themselves are nothing that we keep. Node's own fetch can read such bodies. */
export async function formFields(contentType: string, body: Buffer): Promise<Record<string, string>> {
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } })
    .formData()
    .catch(() => {
      throw new SyntaxError('The form cannot be read');
    });
  const fields: Record<string, string> = {};
  for (const [name, value] of form.entries()) if (typeof value === 'string') fields[name] = value;
  return fields;
}
